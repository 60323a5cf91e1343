// A frame that shows the page which the page around it hands over, once; the frame's own policy forbids it the network.
addEventListener("message", ({ source, data }) => {
  if (source !== parent || typeof data?.page !== "string") return;
  document.open();
  document.write(data.page);
  document.close();
}, { once: true });
parent.postMessage("ready", "*");
