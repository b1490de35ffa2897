// Shows the description of the API: in a file of its own, because the site allows no inline script.
const element = document.getElementById("redoc");
const settings = JSON.parse(document.getElementById("redoc-settings").textContent);
Redoc.init(element.dataset.description, settings, element);
