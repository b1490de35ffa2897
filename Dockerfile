# Debian with Python 3.11 or newer.
ARG BASE_IMAGE=python:3.13-slim
FROM ${BASE_IMAGE}

RUN apt-get update \
    && apt-get install --yes --no-install-recommends cron \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --home-dir /data --create-home lottery

WORKDIR /app
COPY requirements.txt requirements-drand.txt ./
# For building without an index: --no-index --find-links FOLDER
ARG PIP_OPTIONS=""
RUN python3 -m venv .venv \
    && .venv/bin/pip install --no-cache-dir ${PIP_OPTIONS} -r requirements.txt -r requirements-drand.txt
COPY . .

ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND_ADDRESS=0.0.0.0 \
    STATIC_ROOT=/app/collected \
    DATA_DIR=/data
# In a folder of its own: the secret key that this start makes must not stay in the image.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -r /tmp/build

USER lottery
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"]
CMD ["scripts/start"]
