# MLflow's tracking server with its driver of PostgreSQL and its S3 client; no torch, no Ray.
ARG BASE=python:3.11-slim-trixie

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
RUN uv pip install --no-cache --python /opt/stillhouse/bin/python --constraint constraints.txt '.[mlflow]'

FROM ${BASE}
RUN useradd --create-home --uid 1000 stillhouse \
    && install -d -o stillhouse -g stillhouse /var/lib/stillhouse
COPY --from=build /opt/stillhouse /opt/stillhouse
ENV PATH=/opt/stillhouse/bin:$PATH PYTHONUNBUFFERED=1 MLFLOW_DISABLE_TELEMETRY=true GIT_PYTHON_REFRESH=quiet
# by number: Kubernetes cannot tell from a name that it is not root
USER 1000:1000
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:5000/health', timeout=4)"]
CMD ["python", "-m", "service.stack.mlflow_server", "--host", "0.0.0.0", "--port", "5000"]
