package wire

import "gatehouse/ledger"

// The paths, as patterns of http.ServeMux.
const (
	PathEnrol  = "/v1/enrol"
	PathHead   = "/v1/logs/{log}/head"
	PathAppend = "/v1/logs/{log}/append"
	PathShow   = "/v1/logs/{log}/show"

	PathChallenge = "/v1/challenge"
	PathSession   = "/v1/session"

	PathManifest = "/v1/reference/manifest"
	PathChunk    = "/v1/reference/chunks/{sha256}"

	PathActivity = "/v1/activity"
)

// Bounds of what travels.
const (
	MaxEntries   = 2000      // entries in one batch
	MaxPacked    = 1 << 20   // bytes of a batch, compressed
	MaxRaw       = 1 << 20   // bytes of a batch, not compressed
	MaxEnrolment = 192 << 10 // bytes of an enrolment: an entry in base64, and a little
	MaxAnswer    = 16 << 10  // bytes of an answer
	MaxCode      = 128       // bytes of an enrolment code
)

// ContentType of a batch.
const ContentType = "application/vnd.gatehouse.batch+zstd"

// Content types of what a station reads.
const (
	ManifestType = "application/vnd.gatehouse.manifest+cbor"
	ChunkType    = "application/vnd.gatehouse.chunk+zstd"
	ActivityType = "application/vnd.gatehouse.activity+cbor"
)

// ManifestPath is where the newest manifest of a feed is asked for.
func ManifestPath(feed string) string { return PathManifest + "?feed=" + feed }

// ChunkPath is where a chunk is asked for.
func ChunkPath(hash Hash) string { return "/v1/reference/chunks/" + hash.String() }

// ActivityPath is where payments of other stations are asked for: those after a mark.
func ActivityPath(after string) string { return PathActivity + "?after=" + after }

// HeadPath is where the head of a log is asked for.
func HeadPath(log ledger.LogID) string { return "/v1/logs/" + log.String() + "/head" }

// AppendPath is where entries of a log are sent.
func AppendPath(log ledger.LogID) string { return "/v1/logs/" + log.String() + "/append" }

// ShowPath is where a station that is a fork shows entries of its side.
func ShowPath(log ledger.LogID) string { return "/v1/logs/" + log.String() + "/show" }
