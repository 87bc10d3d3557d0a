// Package goauth0 drives the local tenant with go-auth0, the SDK under the official Terraform and Pulumi providers. It starts
// nothing itself: run.ts starts tenants and says where they are.
package goauth0

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/auth0/go-auth0"
	"github.com/auth0/go-auth0/management"
)

var ctx = context.Background()

func environment(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set. Run: npm run test:go-auth0", name)
	}
	return value
}

// The way in which the providers open a session: client credentials, trusted by SSL_CERT_FILE.
func open(t *testing.T, options ...management.Option) *management.Management {
	t.Helper()
	environment(t, "SSL_CERT_FILE")
	credentials := management.WithClientCredentials(
		ctx, environment(t, "TENANT_CLIENT_ID"), environment(t, "TENANT_CLIENT_SECRET"),
	)
	api, err := management.New(environment(t, "TENANT_DOMAIN"), append([]management.Option{credentials}, options...)...)
	must(t, err)
	return api
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The error is Auth0's, with this status and text.
func wantError(t *testing.T, err error, status int, text string) {
	t.Helper()
	var refusal management.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("want an error of the Management API with status %d, got %v", status, err)
	}
	if refusal.Status() != status || !strings.Contains(refusal.Error(), text) {
		t.Fatalf("want %d with %q, got %v", status, text, refusal)
	}
}

func want[T comparable](t *testing.T, what string, got, expected T) {
	t.Helper()
	if got != expected {
		t.Fatalf("%s: want %v, got %v", what, expected, got)
	}
}

func newOrganization(t *testing.T, api *management.Management, name string) *management.Organization {
	t.Helper()
	organization := &management.Organization{Name: auth0.String(name)}
	must(t, api.Organization.Create(ctx, organization))
	return organization
}

func newClient(t *testing.T, api *management.Management, name string) *management.Client {
	t.Helper()
	client := &management.Client{Name: auth0.String(name), AppType: auth0.String("non_interactive")}
	must(t, api.Client.Create(ctx, client))
	return client
}

func newAPI(t *testing.T, api *management.Management, identifier string) *management.ResourceServer {
	t.Helper()
	server := &management.ResourceServer{
		Name:       auth0.String("Orders"),
		Identifier: auth0.String(identifier),
		Scopes:     &[]management.ResourceServerScope{{Value: auth0.String("read:orders")}, {Value: auth0.String("write:orders")}},
	}
	must(t, api.ResourceServer.Create(ctx, server))
	return server
}

func newGrant(t *testing.T, api *management.Management, client *management.Client, audience string) *management.ClientGrant {
	t.Helper()
	grant := &management.ClientGrant{
		ClientID:          client.ClientID,
		Audience:          auth0.String(audience),
		Scope:             &[]string{"read:orders"},
		OrganizationUsage: auth0.String("require"),
	}
	must(t, api.ClientGrant.Create(ctx, grant))
	return grant
}
