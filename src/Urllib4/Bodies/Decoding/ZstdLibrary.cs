using System.Runtime.InteropServices;

namespace Urllib4.Bodies;

/// <summary>
/// The system's libzstd, bound at run time: the platform has no zstd before .NET 11, and a package or a build-time reference would make
/// every user need a library that only zstd bodies need. Not there, or too old, means that zstd is not offered; never an error.
/// </summary>
internal sealed unsafe class ZstdLibrary
{
    private const int WindowLogMaxParameter = 100;

    private readonly delegate* unmanaged<nint> _create;
    private readonly delegate* unmanaged<nint, nuint> _free;
    private readonly delegate* unmanaged<nint, int, int, nuint> _setParameter;
    private readonly delegate* unmanaged<nint, ZstdBuffer*, ZstdBuffer*, nuint> _decompress;
    private readonly delegate* unmanaged<nuint, uint> _isError;
    private readonly delegate* unmanaged<nuint, nint> _errorName;

    private ZstdLibrary(nint library)
    {
        _create = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createDStream");
        _free = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeDStream");
        _setParameter = (delegate* unmanaged<nint, int, int, nuint>)NativeLibrary.GetExport(library, "ZSTD_DCtx_setParameter");
        _decompress = (delegate* unmanaged<nint, ZstdBuffer*, ZstdBuffer*, nuint>)NativeLibrary.GetExport(library, "ZSTD_decompressStream");
        _isError = (delegate* unmanaged<nuint, uint>)NativeLibrary.GetExport(library, "ZSTD_isError");
        _errorName = (delegate* unmanaged<nuint, nint>)NativeLibrary.GetExport(library, "ZSTD_getErrorName");
    }

    /// <summary>The library, or null when this machine has none that fits.</summary>
    public static ZstdLibrary? Installed { get; } = Open(
        OperatingSystem.IsWindows() ? "libzstd.dll" : OperatingSystem.IsMacOS() ? "libzstd.1.dylib" : "libzstd.so.1");

    /// <summary>Binds a file; null if the system does not know it, or it lacks a function.</summary>
    public static ZstdLibrary? Open(string fileName)
    {
        // Never from the current directory, where a stranger may have put it.
        if (!NativeLibrary.TryLoad(fileName, typeof(ZstdLibrary).Assembly, DllImportSearchPath.SafeDirectories, out nint library))
            return null;
        try
        {
            return new ZstdLibrary(library);
        }
        catch (EntryPointNotFoundException)
        {
            NativeLibrary.Free(library);
            return null;
        }
    }

    /// <summary>Makes a stream whose frames may have windows of at most 2^<paramref name="windowLog"/> bytes.</summary>
    public nint Create(int windowLog)
    {
        var stream = _create();
        if (stream != 0 && !IsError(_setParameter(stream, WindowLogMaxParameter, windowLog)))
            return stream;
        if (stream != 0)
            Free(stream);
        throw new DecodeException("The system's libzstd could not set up a decoder.");
    }

    public void Free(nint stream) => _ = _free(stream);

    public nuint Decompress(nint stream, ref ZstdBuffer output, ref ZstdBuffer input)
    {
        fixed (ZstdBuffer* to = &output, from = &input)
            return _decompress(stream, to, from);
    }

    public bool IsError(nuint result) => _isError(result) != 0;

    public string ErrorName(nuint result) => Marshal.PtrToStringUTF8(_errorName(result)) ?? "unknown error";
}

/// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which are laid out alike.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZstdBuffer(byte* start, int length)
{
    public byte* Start = start;
    public nuint Length = (nuint)length;
    public nuint Position;
}
