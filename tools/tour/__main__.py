"""`python -m tools.tour`."""

import sys

from tools.tour.play import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
