# Ray head and Ray workers: everything that needs torch. The registry's torch brings its own CUDA libraries.
ARG BASE=python:3.11-slim-bookworm

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
RUN uv pip install --no-cache --python /opt/stillhouse/bin/python --constraint constraints.txt '.[workers,s3]'

FROM ${BASE}
RUN useradd --create-home --uid 1000 stillhouse \
    && install -d -o stillhouse -g stillhouse /var/lib/stillhouse \
    # KubeRay calls `ray` from a login shell, which forgets the PATH below
    && ln -s /opt/stillhouse/bin/ray /usr/local/bin/ray
COPY --from=build /opt/stillhouse /opt/stillhouse
ENV PATH=/opt/stillhouse/bin:$PATH PYTHONUNBUFFERED=1 RAY_AUTH_MODE=token MLFLOW_DISABLE_TELEMETRY=true
# by number: Kubernetes cannot tell from a name that it is not root
USER 1000:1000
