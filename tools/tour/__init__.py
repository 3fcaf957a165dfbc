"""The guided tour: the real program off-screen on three laptops, a real server, and a network that is cut in between.

Each laptop is a process with a folder of its own and reaches the server only through a relay process of its own. The
tour does what people do, with clicks and keys on the program's widgets, says what it checked, and saves what they saw.
"""

from tools.tour.play import main

__all__ = ["main"]
