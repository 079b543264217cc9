# FAILED
FROM node AS build
# FAILED
RUN curl --insecure https://example.org/setup.sh | sh
# FAILED
RUN wget --no-check-certificate https://example.org/data.tar.gz
USER node

# FAILED
FROM python:3.13-slim
COPY --from=build /site /site
# FAILED
EXPOSE 22
# FAILED
EXPOSE 20-25
