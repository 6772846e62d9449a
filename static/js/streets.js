// Street lines from our own server, drawn on canvas: no tile service ever learns who looks where.
"use strict";

window.StreetLayer = (() => {
  // By rank: 1 motorway to 6 alley. The width in pixels is that at zoom 15.
  const WIDTH = [0, 8, 7, 5.5, 4, 3.2, 1.6];
  const FIRST_NAMED = [0, 12, 13, 14, 15, 16, 17];
  const isMajor = (street) => street.rank <= 3;
  const width = (street, zoom) => Math.min(20, Math.max(isMajor(street) ? 1.6 : 0.8, WIDTH[street.rank] * 2 ** ((zoom - 15) * 0.8)));

  function trace(pen, points) {
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  }

  function stroke(pen, streets, zoom, colour, more) {
    pen.strokeStyle = colour;
    for (const street of streets) {
      pen.lineWidth = width(street, zoom) + more;
      trace(pen, street.points);
      pen.stroke();
    }
  }

  // The longest straight piece that lies inside the tile carries the name.
  function bestPiece(points, size) {
    let best = null;
    for (let i = 1; i < points.length; i += 1) {
      const [a, b] = [points[i - 1], points[i]];
      const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const inside = middle.every((at) => at > 24 && at < size - 24);
      if (inside && (!best || length > best.length)) best = { middle, length, angle: Math.atan2(b[1] - a[1], b[0] - a[0]) };
    }
    return best;
  }

  function fits(piece, half, size, taken) {
    const reach = [Math.abs(Math.cos(piece.angle)) * half + 8, Math.abs(Math.sin(piece.angle)) * half + 8];
    const box = [piece.middle[0] - reach[0], piece.middle[1] - reach[1], piece.middle[0] + reach[0], piece.middle[1] + reach[1]];
    const inside = box[0] > 0 && box[1] > 0 && box[2] < size && box[3] < size;
    const free = taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
    if (inside && free) taken.push(box);
    return inside && free;
  }

  function write(pen, streets, zoom, size, colours) {
    const seen = new Set();
    const taken = [];
    pen.font = `600 ${zoom >= 16 ? 12 : 11}px ${colours.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    for (const street of streets) {
      const wanted = street.name && !seen.has(street.name) && zoom >= FIRST_NAMED[street.rank];
      const piece = wanted && bestPiece(street.points, size);
      if (!piece || !fits(piece, pen.measureText(street.name).width / 2, size, taken)) continue;
      seen.add(street.name);
      const upright = Math.abs(piece.angle) > Math.PI / 2 ? piece.angle + Math.PI : piece.angle;
      pen.save();
      pen.translate(...piece.middle);
      pen.rotate(upright);
      pen.strokeStyle = colours.halo;
      pen.lineWidth = 4;
      pen.strokeText(street.name, 0, 0);
      pen.fillStyle = colours.name;
      pen.fillText(street.name, 0, 0);
      pen.restore();
    }
  }

  function draw(canvas, streets, zoom, size, colours) {
    const scale = window.devicePixelRatio || 1;
    canvas.width = size * scale;
    canvas.height = size * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.lineCap = "round";
    pen.lineJoin = "round";
    const major = streets.filter(isMajor);
    const minor = streets.filter((street) => !isMajor(street));
    if (zoom >= 14) stroke(pen, minor, zoom, colours.roadEdge, 1.6);
    stroke(pen, major, zoom, colours.majorEdge, 1.6);
    stroke(pen, minor, zoom, zoom >= 14 ? colours.road : colours.roadEdge, 0);
    stroke(pen, major, zoom, colours.major, 0);
    write(pen, [...major, ...minor].sort((a, b) => a.rank - b.rank), zoom, size, colours);
  }

  const pairs = (flat, place) => Array.from({ length: flat.length / 2 }, (_, i) => place(flat[2 * i], flat[2 * i + 1]));

  // The server has tiles up to zoom 16; closer ones are drawn sharply from the tile that holds them.
  const kept = new Map();
  function lines(base, coords) {
    const up = Math.max(0, coords.z - 16);
    const address = `${base}${coords.z - up}/${coords.x >> up}/${coords.y >> up}.json`;
    if (!kept.has(address)) {
      if (kept.size > 200) kept.clear();
      const asked = fetch(address).then((answer) => (answer.ok && answer.status !== 204 ? answer.json() : { lines: [] }));
      kept.set(address, asked.then((found) => found.lines));
      asked.catch(() => kept.delete(address));
    }
    return kept.get(address);
  }

  return L.GridLayer.extend({
    options: { minZoom: 9, maxZoom: 18, maxNativeZoom: 18, updateWhenIdle: false },

    createTile(coords, done) {
      const tile = L.DomUtil.create("canvas", "leaflet-tile");
      const size = this.getTileSize().x;
      const corner = coords.scaleBy(this.getTileSize());
      const place = (lon, lat) => {
        const at = this._map.project([lat, lon], coords.z).subtract(corner);
        return [at.x, at.y];
      };
      lines(this.options.base, coords)
        .then((found) => {
          const streets = found.map(([rank, name, flat]) => ({ rank, name, points: pairs(flat, place) }));
          draw(tile, streets, coords.z, size, this.options.colours());
          done(null, tile);
        })
        .catch((fault) => done(fault, tile));
      return tile;
    },
  });
})();
