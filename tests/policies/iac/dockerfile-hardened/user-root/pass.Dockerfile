FROM python:3.13-slim
USER root
RUN useradd --system app
USER app
