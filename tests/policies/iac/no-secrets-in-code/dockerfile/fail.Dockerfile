FROM public.ecr.aws/docker/library/node:22
# FAILED
ENV DB_PASSWORD=Sup3rS3cret2024!
# FAILED
ENV API_TOKEN opensesame
# FAILED
ARG NPM_TOKEN=opensesame
# FAILED
LABEL support_password="opensesame"
# FAILED
RUN mysql --user app --password=Sup3rS3cret2024 < schema.sql
# FAILED
COPY <<EOF /etc/shop.conf
[database]
password=Sup3rS3cret2024!
EOF
USER node
