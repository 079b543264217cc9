FROM python:3.13-slim
USER app
# FAILED
USER root
