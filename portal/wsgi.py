"""What the web server loads; it refuses to load a portal that must not answer."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from portal.environment import ImproperlySet
from portal.logging import told
from portal.servers.process import follow_parent
from portal.whole_bodies import Application, whole_bodies_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")


def load() -> Application:
    # The web server's own processes would outlive a kill -9 of their parent and hold the port.
    follow_parent()
    try:
        handler = get_wsgi_application()
        # Can be imported only now that Django is set up.
        import_string("portal.preconditions.check_may_serve")()
        # Half a second that the first reporter would otherwise wait when the bell is rung.
        import_string("kombu.transport.redis.Transport")
    except ImproperlySet as fault:
        sys.exit(told(fault, event=str(fault)))
    return whole_bodies_only(handler)


application = load()
