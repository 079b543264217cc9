// A page that is opened from a folder may start no worker: what would run in one runs in a frame that is not shown.
// As between a page and a worker, a message is a copy and comes later: the search changes what it is sent, which would
// be the state of the search box.
if (location.protocol === "file:") {
  const later = (data, arrive) => {
    const copy = structuredClone(data);
    setTimeout(() => arrive(new MessageEvent("message", { data: copy })));
  };
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inner = this.frame.contentWindow;
      inner.postMessage = (data) => later(data, (event) => this.tell(event));
      this.ready = new Promise((done, failed) => {
        const script = inner.document.createElement("script");
        script.src = new URL(url, document.baseURI);
        script.onload = done;
        script.onerror = failed;
        inner.document.body.append(script);
      });
      this.ready.catch(() => this.onerror?.(new ErrorEvent("error")));
    }

    tell(event) {
      this.onmessage?.(event);
      this.dispatchEvent(event);
    }

    postMessage(data) {
      const copy = structuredClone(data);
      this.ready.then(() => later(copy, (event) => this.frame.contentWindow?.dispatchEvent(event)));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
