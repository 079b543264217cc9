FROM public.ecr.aws/docker/library/node:22
ARG NPM_TOKEN
ENV NPM_TOKEN=${NPM_TOKEN}
ENV DB_PASSWORD_FILE=/run/secrets/database
RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
COPY <<EOF /etc/shop.conf
[database]
password=${DB_PASSWORD}
EOF
USER node
