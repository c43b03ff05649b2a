// What somebody who has the page read out would miss, as far as the page itself says; the tree of names is looked at beside it.
(() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const named = (one) => `${one.tagName.toLowerCase()}${one.id ? "#" + one.id : ""}`;
  const every = (which) => [...document.querySelectorAll(which)];
  const ids = (one, what) => (one.getAttribute(what) ?? "").split(/\s+/).filter(Boolean);
  const dangling = ["aria-describedby", "aria-labelledby", "for"].flatMap((what) =>
    every(`[${what}]`).flatMap((one) => ids(one, what).filter((id) => !document.getElementById(id))
      .map((id) => `${named(one)}: ${what} names ${id}, which is not there`)));
  const tongues = every("button[name=language]").filter((one) => one.lang !== one.value)
    .map((one) => `the button of ${one.value} is read in another language`);
  const early = every("main output, main [role=status]:not([data-live], [data-live] *, [autofocus])").filter(seen)
    .map((one) => `${named(one)} is live and is not read where it stands`);
  const untold = every("[aria-invalid=true]")
    .filter((one) => !ids(one, "aria-describedby").some((id) => document.getElementById(id)?.matches(".trouble, .bad")))
    .map((one) => `${named(one)} does not say what is wrong with it`);
  const trouble = document.getElementById("trouble"), at = document.activeElement;
  const reached = !trouble || at === trouble || ids(at, "aria-describedby").includes("trouble");
  const amiss = trouble || document.querySelector("[aria-invalid=true]");
  const title = !amiss || /^(Fout|Error): /.test(document.title);
  return [...dangling, ...tongues, ...early, ...untold,
    ...(reached ? [] : [`the focus is on ${named(at)}, away from the trouble`]),
    ...(title ? [] : [`the title “${document.title}” tells of no trouble`])];
})()
