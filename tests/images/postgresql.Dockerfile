# What the compose file asks of `postgres:17`: its variables, its folder and its port, with Debian's packages.
ARG BASE
FROM ${BASE}
ARG VERSION
RUN mkdir -p /etc/postgresql-common \
    && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
    && apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-${VERSION} \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/usr/lib/postgresql/${VERSION}/bin:$PATH PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
COPY tests/images/postgresql.sh /usr/local/bin/serve
CMD ["sh", "/usr/local/bin/serve"]
