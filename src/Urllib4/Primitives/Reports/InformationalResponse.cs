namespace Urllib4;

/// <summary>A 1xx response: word that the answer is still to come, such as 103 with early hints (RFC 8297).</summary>
/// <param name="Status">The status, 100 to 199 without 101.</param>
/// <param name="Headers">Its headers.</param>
public sealed record InformationalResponse(int Status, HttpHeaderDict Headers);
