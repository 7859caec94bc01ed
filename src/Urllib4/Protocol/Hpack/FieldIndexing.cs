namespace Urllib4.Protocol.Hpack;

/// <summary>What becomes of a field that stands in neither table (RFC 7541, section 6.2).</summary>
internal enum FieldIndexing : byte
{
    /// <summary>It is put into the dynamic table, for those like it that follow.</summary>
    Indexed,

    /// <summary>It stays out of the table.</summary>
    NotIndexed,

    /// <summary>It stays out of every table on its way, and is not even looked for in one: its value is a secret (section 7.1.3).</summary>
    NeverIndexed,
}
