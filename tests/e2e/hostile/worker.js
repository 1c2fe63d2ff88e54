self.postMessage?.(1);
self.onconnect = (event) => event.ports[0].postMessage(1);
