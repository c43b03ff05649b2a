// What is too small for a thumb, and what sticks out of the card it stands in. A link within a sentence may be small.
(() => {
  const SMALLEST = 43.5;
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0;
  const named = (one) => `${one.tagName.toLowerCase()}${one.id ? "#" + one.id : ""} “${one.textContent.trim().slice(0, 30)}”`;
  const inSentence = (link) =>
    [...link.parentNode.childNodes].some((other) => other.nodeType === Node.TEXT_NODE && other.data.trim().length > 2);
  const small = [...document.querySelectorAll("a[href], button, summary, select, input, textarea, label:has(> input)")]
    .filter((one) => seen(one) && !one.matches("label > input, .skip") && !(one.tagName === "A" && inSentence(one)))
    .map((one) => [one, one.dataset.whole === undefined ? one : one.closest("li")])
    .filter(([, area]) => area.getBoundingClientRect().height < SMALLEST)
    .map(([one, area]) => `${named(one)} is ${Math.round(area.getBoundingClientRect().height)} px high`);
  const cards = [...document.querySelectorAll("main, main li, main tbody tr, main section, main .card, main p, main td, main dd")];
  const out = cards.filter((one) => seen(one) && getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1
      && !["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .map((one) => `${named(one)} sticks out by ${one.scrollWidth - one.clientWidth} px`);
  return [...new Set([...small, ...out])];
})()
