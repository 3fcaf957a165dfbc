"""Documents: the certificate as a PDF, the code and the seal by which anybody verifies it without a network.

The server makes and signs them, the laptop verifies them. May import ``sync.content`` and ``sync.domain``; never a
database, a network or a user interface. fpdf2 is imported where a page is drawn: verifying does not wait for it.
"""
