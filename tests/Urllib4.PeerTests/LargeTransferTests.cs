using System.Diagnostics;
using System.Globalization;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>Bodies much larger than the memory they may take.</summary>
[Collection(AloneGroup.Name)]
public sealed class LargeTransferTests(Peers peers) : ClientTests
{
    private const long Allowed = 32 << 20;

    public static MatrixTheoryData<Mode, string> Ways { get; } = new(Enum.GetValues<Mode>(), ["nginx", "haproxy"]);

    [Theory, MemberData(nameof(Ways))]
    public async Task A_download_of_a_gigabyte_takes_no_memory(Mode mode, string server)
    {
        using var http = new PoolManager();
        await Send(mode, http, "GET", $"{UrlOf(server)}/small.txt"); // what the first request of a process brings in is not the body's
        var memory = new MemoryWatch();
        using UrllibResponse response = await Send(mode, http, "GET", $"{UrlOf(server)}/one-gigabyte.bin", new()
        {
            PreloadContent = false,
        });
        long length = 0;

        await Call(
            mode,
            () =>
            {
                foreach (ReadOnlyMemory<byte> part in response.Stream())
                    memory.Look(length += part.Length);
            },
            async () =>
            {
                await foreach (ReadOnlyMemory<byte> part in response.StreamAsync())
                    memory.Look(length += part.Length);
            });

        Assert.Equal(WebRoot.OneGigabyte, length);
        memory.AssertFlat();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_upload_of_a_gigabyte_takes_no_memory(Mode mode, string server)
    {
        using var http = new PoolManager();
        await Send(mode, http, "GET", $"{UrlOf(server)}/small.txt"); // what the first request of a process brings in is not the body's
        var memory = new MemoryWatch();

        UrllibResponse response = await Send(mode, http, "POST", $"{UrlOf(server)}/upload", new()
        {
            Body = RequestBody.Create(() => new Zeros(WebRoot.OneGigabyte, memory.Look), WebRoot.OneGigabyte),
        });

        Assert.Equal(WebRoot.OneGigabyte.ToString(CultureInfo.InvariantCulture), response.Text());
        memory.AssertFlat();
    }

    // Haproxy stands in front of the same nginx.
    private string UrlOf(string server) =>
        server == "nginx" ? peers.Nginx.Url : $"http://127.0.0.1:{peers.Haproxy.KeepAlivePort.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Compares what the process takes on the way with what it took before.</summary>
    private sealed class MemoryWatch
    {
        private const long Step = 64 << 20;

        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly long _live;
        private readonly long _resident;
        private long _mostLive;
        private long _mostResident;
        private long _nextLook = Step;

        public MemoryWatch()
        {
            _live = GC.GetTotalMemory(forceFullCollection: true);
            _resident = Environment.WorkingSet;
        }

        public void Look(long position)
        {
            if (position < _nextLook)
                return;
            _nextLook = position + Step;
            _mostResident = Math.Max(_mostResident, Environment.WorkingSet - _resident);
            _mostLive = Math.Max(_mostLive, GC.GetTotalMemory(forceFullCollection: false) - _live);
        }

        public void AssertFlat()
        {
            TestContext.Current.SendDiagnosticMessage(
                "{0:0} ms, at the most {1} KiB managed and {2} KiB resident over the beginning",
                Stopwatch.GetElapsedTime(_started).TotalMilliseconds, _mostLive >> 10, _mostResident >> 10);
            Assert.InRange(_mostLive, long.MinValue, Allowed);
            Assert.InRange(_mostResident, long.MinValue, Allowed);
        }
    }

    /// <summary>A body that is made up while it is read.</summary>
    private sealed class Zeros(long length, Action<long> look) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(buffer.Length, length - _position);
            buffer[..count].Clear();
            look(_position += count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer, offset, count));

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
