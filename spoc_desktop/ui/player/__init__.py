"""Playing a film: QtMultimedia stays in this package and is imported when the first video is opened."""
