// Chooses an account for a table or for the search, by writing its number into their field of words.
"use strict";
document.querySelectorAll("[data-accounts]").forEach((box) => {
  const select = box.querySelector("select");
  const known = new Set([...select.options].map((option) => option.value));
  const field = document.getElementById(box.dataset.accounts) || box.nextElementSibling.querySelector("input");
  select.addEventListener("input", () => {
    const words = field.value.split(/\s+/).filter((word) => !known.has(word));
    field.value = [...words, select.value].filter(Boolean).join(" ");
    field.dispatchEvent(new Event("input"));
  });
  box.hidden = false;
});
