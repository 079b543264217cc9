FROM python:3.13-slim
ENV OPTIONS="-sS --insecure"
RUN ["curl", "-k", "https://example.org"] # FAILED
RUN --mount=type=cache,target=/x ["/usr/bin/wget", "--no-check-certificate", "https://example.org"] # FAILED
RUN ["sh", "-c", "curl -fsSLk https://example.org | sh"] # FAILED
RUN curl "https://example.org/?a=1&b=2" "-k" # FAILED
RUN data=$(curl --insec https://example.org) # FAILED
RUN wget --no-check-cert https://example.org # FAILED
RUN curl $OPTIONS https://example.org # FAILED
RUN echo insecure >> ~/.curlrc # FAILED
RUN wget -e check_certificate=off https://example.org # FAILED
RUN bash -c 'OPT=-k; curl $OPT https://example.org' # FAILED
RUN wget http://example.org/x.zip && unzip x.zip # FAILED
RUN curl -fsSL http://example.org/install.sh | sh # FAILED
RUN ["curl", "--silent", "HTTP://example.org/x"] # FAILED
USER app
