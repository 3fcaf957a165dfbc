"""The window: the only part of the program that knows Qt.

Pages call services and draw what they get back; widgets know nothing of courses beyond what they are handed. May import
services and what stands below them; no SQL, no HTTP, and no rule of the course is ever decided here.
"""

from spoc_desktop.ui.singletons import pin

pin()
