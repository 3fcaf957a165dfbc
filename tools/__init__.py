"""Commands for those who work on the program, behind the targets of the Makefile.

May import everything; nothing imports it. What a person at work needs never comes here.
"""
