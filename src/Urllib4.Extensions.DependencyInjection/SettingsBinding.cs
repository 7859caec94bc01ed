using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Urllib4.DependencyInjection;

/// <summary>
/// Reads the settings of a name from the configuration. Keys and values are looked at before, since the binder passes over a key it does
/// not know, and shows a value it cannot read.
/// </summary>
internal sealed class SettingsBinding(SettingsSources sources) : IConfigureNamedOptions<UrllibSettings>
{
    public void Configure(UrllibSettings options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, UrllibSettings options)
    {
        foreach (SettingsSource source in sources.Of(name ?? Options.DefaultName))
        {
            string[] failures = [.. SettingsKeys.Failures(source.Section)];
            if (failures.Length > 0)
                throw new OptionsValidationException(name ?? Options.DefaultName, typeof(UrllibSettings), failures);
            source.Section.Bind(options);
        }
    }
}
