// Where the Tab key must come: everything that can be pressed or filled in; one of each group of choices is enough.
(() => {
  const ways = "a[href], button, summary, select, textarea, input:not([type=hidden], [type=radio]), [tabindex='0']";
  const start = document.createElement("i");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  window.stops = [...document.querySelectorAll(ways)].filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
  return window.stops.map((one) => `${one.tagName.toLowerCase()}${one.id && "#" + one.id} “${(one.ariaLabel ?? one.textContent).trim().slice(0, 20)}”`);
})()
