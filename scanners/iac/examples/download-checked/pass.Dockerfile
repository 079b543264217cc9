FROM python:3.13-slim
RUN apt-get update && apt-get install --yes curl wget
RUN curl -fsSLo /k "https://example.org/?a=-k&b=1" && tar -xkf /k
RUN ["wget", "--quiet", "https://example.org/data.tar.gz"]
RUN curl --interface eth0 -H "X: -k" https://example.org
RUN curl --fail http://localhost:8080/health && wget -q http://127.0.0.1/x
RUN curl --proxy http://proxy.example.org:3128 https://example.org/x -o x
RUN wget -q http://example.org/x.zip && echo "aa00 x.zip" | sha256sum -c
RUN mkdir /x
USER app
