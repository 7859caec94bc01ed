using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Urllib4.SdkTests.Rpc;

/// <summary>A gRPC service behind Kestrel, over HTTP/2 without TLS.</summary>
internal sealed class NumbersServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NumbersServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<NumbersServer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new NumbersServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed class Service : Numbers.NumbersBase
    {
        public override async Task<Number> Square(Number request, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "x-kind", "square" } });
            context.ResponseTrailers.Add("x-trailer", "done");
            return new Number { Value = request.Value * request.Value };
        }

        public override async Task Count(Number request, IServerStreamWriter<Number> responseStream, ServerCallContext context)
        {
            for (long i = 0; i < request.Value; i++)
                await responseStream.WriteAsync(new Number { Value = i });
        }

        public override async Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context)
        {
            long sum = 0;
            await foreach (Number number in requestStream.ReadAllAsync())
                sum += number.Value;
            return new Number { Value = sum };
        }

        public override Task<Number> Refuse(Number request, ServerCallContext context) => throw new RpcException(
            new Status(StatusCode.FailedPrecondition, "no: ä"), new Metadata { { "x-reason", "odd" }, { "x-data-bin", [1, 2, 255] } });

        public override async Task<Number> Wait(Number request, ServerCallContext context)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return request;
        }

        public override async Task Download(Number request, IServerStreamWriter<Part> responseStream, ServerCallContext context)
        {
            var part = new Part { Data = ByteString.CopyFrom(new byte[64 * 1024]) };
            for (long sent = 0; sent < request.Value; sent += part.Data.Length)
                await responseStream.WriteAsync(part);
        }
    }
}
