"""The parts that pages are made of, one widget a file, all drawn from the tokens of the theme.

May import the theme, fonts, icons and translations; never services, pages or records other than the block tree.
"""
