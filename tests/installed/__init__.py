"""Tests of the installed package: `make test-installed`. Minutes long; they install things."""
