"""The use cases, one module a feature: what a learner, a trainer or an author does, without a window.

May import ``spoc_desktop.storage``, ``spoc_desktop.interchange``, ``i18n``, ``settings``, ``paths`` and ``sync`` (never
``sync.server``). Qt never comes here: a page calls a service in a worker and gets a small value back.
"""
