// A link into a folded part opens it.
(() => {
  const open = () => {
    const to = document.getElementById(location.hash.slice(1)), fold = to?.closest("details");
    if (fold) { fold.open = true; to.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
})();
