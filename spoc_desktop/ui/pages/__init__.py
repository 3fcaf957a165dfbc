"""The pages of the window: one module a page, its parts in small modules beside it.

A page module gives `places(workplace)`: the pages it adds for a signed-in person. May import the toolkit of
`spoc_desktop.ui`, services and the rules of `sync.domain`; a store, the network and SQL never come here.
"""
