package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// connect opens the warehouse, starting the local engine where the target is
// the embedded one. Further calls give the same client.
func (s *session) connect(ctx context.Context) (*warehouse.Client, error) {
	if s.client != nil {
		return s.client, nil
	}
	config, err := s.address(ctx)
	if err != nil {
		return nil, err
	}
	// Every thread may hold one, and a run's own book-keeping two more.
	config.MaxOpenConns = max(16, s.settings.Threads+2)
	s.client, err = openDatabase(ctx, config)
	return s.client, err
}

// address says where the warehouse is.
func (s *session) address(ctx context.Context) (warehouse.Config, error) {
	w := s.settings.Warehouse
	if w.Type != "embedded" {
		return warehouse.Config{
			Addrs: w.Addresses, HTTPAddr: w.HTTPAddress, Database: w.Database,
			User: w.User, Password: w.Password.Reveal(), Secure: w.Secure, SkipVerify: w.SkipVerify,
			CAFile: w.CAFile, Cluster: w.Cluster, Settings: w.Settings,
		}, nil
	}
	var err error
	if s.lease, err = s.app.acquire(ctx, w.MemoryLimit); err != nil {
		return warehouse.Config{}, err
	}
	if s.leased != nil {
		s.leased(s.lease)
	}
	config := s.lease.Warehouse()
	config.Database, config.Settings = w.Database, w.Settings
	return config, nil
}

// acquire starts the local services, or joins them.
func (a *App) acquire(ctx context.Context, memoryLimit string) (*local.Lease, error) {
	options, stop, err := a.localOptions(memoryLimit)
	if err != nil {
		return nil, err
	}
	defer stop()
	return local.Acquire(ctx, options)
}

// localOptions say where local services live; stop ends the progress line.
func (a *App) localOptions(memoryLimit string) (local.Options, func(), error) {
	dir, err := a.stateDir()
	if err != nil {
		return local.Options{}, nil, err
	}
	progress := a.Console.Start("Starting the local engine")
	return local.Options{
		StateDir: dir, MemoryLimit: memoryLimit, Version: versionText(),
		Progress: func(text string) { progress.Update("%s", text) },
	}, progress.Stop, nil
}

// unknownDatabase is ClickHouse's code for a database that is not there.
const unknownDatabase = 81

// openDatabase makes the target's database where it is missing, as dbt does.
func openDatabase(ctx context.Context, config warehouse.Config) (*warehouse.Client, error) {
	client, err := warehouse.Open(ctx, config)
	var failure *warehouse.Error
	if !errors.As(err, &failure) || failure.Code != unknownDatabase {
		return client, err
	}
	without := config
	without.Database = ""
	maker, err := warehouse.Open(ctx, without)
	if err != nil {
		return nil, err
	}
	statement := "CREATE DATABASE IF NOT EXISTS " + warehouse.Ident(config.Database)
	if config.Cluster != "" {
		statement += " ON CLUSTER " + warehouse.Ident(config.Cluster)
	}
	_, err = maker.Exec(ctx, statement)
	if err := errors.Join(err, maker.Close()); err != nil {
		return nil, fmt.Errorf("create database %s: %w", config.Database, err)
	}
	return warehouse.Open(ctx, config)
}
