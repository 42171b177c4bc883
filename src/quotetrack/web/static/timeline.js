// Drag over bars of a timeline to choose their days. Without this script each bar is a link to its own days, and the
// fields Since and Until take any.
const LEAST_MOVE = 6; // pixels; below it a drag is a click on one bar

for (const svg of document.querySelectorAll(".timeline svg")) {
  const bars = [...svg.querySelectorAll("a")];
  const address = (bar) => new URL(bar.getAttribute("href"), location);
  let start = null; // where the drag began
  let isDragged = false;

  const show = (chosen) => bars.forEach((bar) => bar.classList.toggle("chosen", chosen.includes(bar)));
  const between = (one, other) =>
    bars.filter((bar) => {
      const box = bar.querySelector(".back").getBoundingClientRect();
      return box.right > Math.min(one, other) && box.left < Math.max(one, other);
    });
  const end = () => {
    start = null;
    isDragged = false;
    show([]);
  };

  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("pointercancel", end);
  svg.addEventListener("pointerdown", (event) => {
    if (event.isPrimary && event.button === 0) start = event.clientX;
  });
  svg.addEventListener("pointermove", (event) => {
    if (start === null) return;
    if (!(event.buttons & 1)) return end();
    if (!isDragged && Math.abs(event.clientX - start) < LEAST_MOVE) return;
    isDragged = true;
    svg.setPointerCapture(event.pointerId);
    show(between(start, event.clientX));
  });
  svg.addEventListener("pointerup", (event) => {
    const chosen = isDragged ? between(start, event.clientX) : [];
    end();
    if (!chosen.length) return;
    const days = address(chosen[0]);
    days.searchParams.set("until", address(chosen.at(-1)).searchParams.get("until"));
    location.assign(days);
  });
  svg.parentElement.querySelector("[data-drag]").hidden = false;
}
