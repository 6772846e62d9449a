# The portal as a service: web server, worker, clock and commands, from one image.
#
#   docker build -t common-ground .
#
# No secret is needed to build it and none is in it; docs/operations/deployment.md says how it runs.
ARG PYTHON=3.12-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/portal
COPY requirements.lock ./
COPY portal/deployment/service_lock.py portal/deployment/
# Every package is checked against its hash; what only development or a laptop needs stays out.
RUN python portal/deployment/service_lock.py < requirements.lock > /tmp/service.lock \
 && python -m venv --without-pip /srv/venv \
 && python -m pip --python /srv/venv/bin/python install --only-binary :all: --require-hashes -r /tmp/service.lock
COPY . .
# The settings make a key when they are loaded without one: in a folder that this layer deletes.
RUN PORTAL_VAR=/tmp/build /srv/venv/bin/python -m portal.translations compile \
 && PORTAL_VAR=/tmp/build PORTAL_STATIC=/srv/static /srv/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf /tmp/build \
 && /srv/venv/bin/python -m compileall -q /srv/portal /srv/venv/lib

FROM python:${PYTHON}
RUN python -m pip uninstall --yes --quiet --root-user-action ignore pip \
 && groupadd --gid 10001 portal \
 && useradd --uid 10001 --gid portal --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin portal \
 && install --directory --owner portal --group portal --mode 0700 /var/lib/common-ground /keys
COPY --from=build /srv /srv
WORKDIR /srv/portal
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    PORTAL_DEMO=0 \
    PORTAL_VAR=/var/lib/common-ground \
    PORTAL_KEYS=/keys \
    PORTAL_STATIC=/srv/static \
    PORTAL_BIND=0.0.0.0 \
    PORT=8000
USER 10001:10001
EXPOSE 8000
# Alive is all that may restart it: a database that is away is no fault of this process.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["python", "-m", "portal.deployment.alive"]
CMD ["python", "manage.py", "web"]
