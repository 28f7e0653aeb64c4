(CNN) -- The tanker ran aground on Bligh Reef just after midnight.

Its captain had left the bridge.

@highlight

Tanker hits a reef in Alaska

@highlight

Captain was not on the bridge,
the coast guard says
