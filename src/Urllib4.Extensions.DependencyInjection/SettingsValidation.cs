using Microsoft.Extensions.Options;

namespace Urllib4.DependencyInjection;

/// <summary>Settings are right when options can be made of them.</summary>
internal sealed class SettingsValidation(SettingsSources sources) : IValidateOptions<UrllibSettings>
{
    public ValidateOptionsResult Validate(string? name, UrllibSettings options)
    {
        var made = new SettingsOptions(PoolOptions.Default, options);
        return made.Failures.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(made.Failures.Select(f => $"{sources.KeyOf(name ?? Options.DefaultName, f.Setting)}: {f.Rule}"));
    }
}
