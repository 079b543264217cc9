FROM python:3.13-slim
RUN apt-get update && apt-get install --yes curl wget
RUN curl -fsSLo /k "https://example.org/?a=-k&b=1" && tar -xkf /k
RUN ["wget", "--quiet", "https://example.org/data.tar.gz"]
RUN curl --interface eth0 -H "X: -k" https://example.org
USER app
