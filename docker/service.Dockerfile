# API, reconciler and dashboard; no torch, no Ray.
# Debian 13 brings the client of PostgreSQL 17, which `stillhouse backup` needs.
ARG BASE=python:3.11-slim-trixie
ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS web
ARG NPM_CONFIG_REGISTRY
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY openapi.json /src/openapi.json
COPY web ./
RUN npm run build

FROM ${BASE} AS build
# where a mirror of the registry has to be used: of this stage alone, so that no image keeps its address
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy STILLHOUSE_SKIP_WEB=1
RUN pip install --no-cache-dir uv && uv venv /opt/stillhouse
WORKDIR /src
COPY constraints.txt pyproject.toml hatch_build.py README.md LICENSE ./
COPY trainer trainer
COPY workers workers
COPY service service
COPY recipes recipes
COPY --from=web /src/web/dist service/web_dist
RUN uv pip install --no-cache --python /opt/stillhouse/bin/python --constraint constraints.txt '.[service,s3]'

FROM ${BASE}
# that of the server or newer; Debian keeps the newest of it alone, so no exact version can be asked for
ARG POSTGRESQL_CLIENT=17
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-${POSTGRESQL_CLIENT} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 stillhouse \
    && install -d -o stillhouse -g stillhouse /var/lib/stillhouse
COPY --from=build /opt/stillhouse /opt/stillhouse
ENV PATH=/opt/stillhouse/bin:$PATH PYTHONUNBUFFERED=1 STILLHOUSE_STATE=/var/lib/stillhouse
# by number: Kubernetes cannot tell from a name that it is not root
USER 1000:1000
EXPOSE 8470
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8470/healthz', timeout=4)"]
CMD ["python", "-m", "service.api"]
