# Paperboy with everything for Discord, Slack, e-mail and PostgreSQL. compose.yaml runs it.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/paperboy \
    && /opt/paperboy/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY storage storage
RUN /opt/paperboy/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore, for backups of PostgreSQL 15.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /var/lib/paperboy paperboy
COPY --from=build /opt/paperboy /opt/paperboy
ENV PATH=/opt/paperboy/bin:$PATH PAPERBOY_HTTP_HOST=0.0.0.0
USER 10001
WORKDIR /var/lib/paperboy
RUN mkdir -m 700 data
VOLUME /var/lib/paperboy/data
EXPOSE 8080
# There is a web server where there is e-mail, Slack by HTTP, or PAPERBOY_METRICS_SECRET.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["paperboy"]
CMD ["run"]
