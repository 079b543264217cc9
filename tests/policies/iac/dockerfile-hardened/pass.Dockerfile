FROM node:22.11-slim AS build
RUN curl --fail --silent https://example.org/setup.sh --output setup.sh
RUN wget --quiet https://example.org/data.tar.gz

FROM python:3.13-slim
COPY --from=build /site /site
RUN useradd --system --no-create-home app
EXPOSE 8080 2200-2299
USER app
