if (typeof RTCPeerConnection === 'function') window.parent.postMessage('ran without the shim', '*');
