#!/usr/bin/env python
"""Commands of the portal; `python manage.py help` lists them."""

import sys

from portal.entry import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
