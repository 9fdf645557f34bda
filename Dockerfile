# One image for web, worker and beat. The first stage installs and compresses; the second carries
# only what runs, as a plain user who may write nowhere but /tmp.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/unknot
COPY requirements.lock /tmp/
RUN /opt/unknot/bin/pip install --require-hashes -r /tmp/requirements.lock
WORKDIR /srv/unknot
COPY . .
# No secret is needed to collect files, and none enters a layer.
RUN COMPRESS_STATIC=1 STATIC_ROOT=/srv/unknot/staticfiles /opt/unknot/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin unknot
COPY --from=build /opt/unknot /opt/unknot
COPY --from=build /srv/unknot /srv/unknot
ENV PATH=/opt/unknot/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    COMPRESS_STATIC=1 STATIC_ROOT=/srv/unknot/staticfiles
WORKDIR /srv/unknot
USER unknot
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10", "clinic.wsgi:application"]
